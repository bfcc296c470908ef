import { Button, Select, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { PersonView } from '@/api';
import { Day } from '@/kit/Age';
import { Roles } from '@/kit/marks/Roles';
import { Avatar } from '@/kit/marks/Who';
import { Card } from '@/kit/page/Parts';
import { Empty } from '@/kit/states/States';
import { type Column, Table } from '@/kit/Table';
import { useMe } from '@/session/me';
import { marks } from '@/words/marks';
import markCss from '@/kit/marks/marks.module.css';
import css from './people.module.css';
import { useTeamTitles } from './RolePicker';
import { matching } from './rules';
import { words } from './words';

const PAGE = 100;

/** Everybody with their roles; a name opens what can be done about them. */
export function PeopleTable({ people, onOpen }: { people: readonly PersonView[]; onOpen: (name: string) => void }) {
  const me = useMe();
  const titles = useTeamTitles();
  const [text, setText] = useState('');
  const [team, setTeam] = useState('');
  const [status, setStatus] = useState('');
  const [shown, setShown] = useState(PAGE);
  const found = matching(people, { text, team, status });
  const columns: Column<PersonView>[] = [
    {
      key: 'person',
      head: words.person,
      cell: (person) => {
        const called = person.displayName || person.name;
        return (
          <button type="button" className={css.name} onClick={() => onOpen(person.name)} title={words.show(called)}>
            <span className={markCss.who}>
              <Avatar name={called} gone={person.status !== 'active'} />
              <span>
                <b>{called}</b> <code className="t3">{person.name}</code>
                {person.name === me.name && <span className="t3"> ({words.you})</span>}
                {person.status !== 'active' && <span className="c-bad"> {marks.left}</span>}
              </span>
            </span>
            <span className={`only-n xs ${css.second}`}>
              <Roles held={person.roles} titles={titles} />
            </span>
          </button>
        );
      },
    },
    {
      key: 'roles',
      head: words.roles,
      wide: true,
      cell: (person) =>
        person.roles.length > 0 ? (
          <Roles held={person.roles} titles={titles} />
        ) : (
          <span className="t3">{words.noRoles}</span>
        ),
    },
    { key: 'since', head: words.since, right: true, wide: true, cell: (person) => <Day at={person.createdAt} /> },
  ];
  return (
    <>
      <div className={css.filters}>
        <TextInput
          label={words.search}
          placeholder={words.searchHint}
          type="search"
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        <Select
          label={words.team}
          data={[{ value: '', label: words.allTeams }, ...[...titles].map(([value, label]) => ({ value, label }))]}
          value={team}
          allowDeselect={false}
          searchable={titles.size > 8}
          onChange={(value) => setTeam(value ?? '')}
        />
        <Select
          label={words.status}
          data={[
            { value: '', label: words.any },
            { value: 'active', label: words.active },
            { value: 'disabled', label: words.disabled },
          ]}
          value={status}
          allowDeselect={false}
          onChange={(value) => setStatus(value ?? '')}
        />
      </div>
      <Card>
        <Table
          label={words.tabs.people}
          columns={columns}
          rows={found.slice(0, shown)}
          id={(person) => person.id}
          empty={<Empty title={words.none}>{words.noneText}</Empty>}
        />
      </Card>
      {found.length > shown && (
        <Button mt={12} onClick={() => setShown(shown + PAGE)}>
          {words.more(Math.min(PAGE, found.length - shown))}
        </Button>
      )}
    </>
  );
}
