import { Button, Select, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { editMeMutation, listDirectoryQueryKey, readMeQueryKey } from '@/api/@tanstack/react-query.gen';
import { useNow } from '@/kit/Age';
import { ProblemNote } from '@/kit/states/States';
import { Section } from '@/kit/page/Parts';
import { toast } from '@/kit/toast';
import { useMe } from '@/session/me';
import { Password } from './Password';
import css from './profile.module.css';
import { words } from './words';
import { timeIn, timeZones } from './zones';

const said = words.me;

/** How others read this person, and in which zone they read times. */
export function Me() {
  const me = useMe();
  const now = useNow();
  const client = useQueryClient();
  const [displayName, setDisplayName] = useState(me.displayName);
  const [zone, setZone] = useState(me.timeZone);
  const zones = useMemo(() => timeZones(), []);
  const save = useMutation({
    ...editMeMutation(),
    onSuccess: async (edited) => {
      client.setQueryData(readMeQueryKey(), edited);
      toast(said.saved);
      await client.invalidateQueries({ queryKey: listDirectoryQueryKey() });
    },
  });
  const missing = displayName.trim() === '';
  const same = displayName.trim() === me.displayName && zone === me.timeZone;
  return (
    <div className={css.narrow}>
      <Section title={said.title}>
        <form
          className={css.stack}
          onSubmit={(event) => {
            event.preventDefault();
            if (!missing && !same) save.mutate({ body: { displayName: displayName.trim(), timeZone: zone } });
          }}
        >
          <TextInput
            label={said.displayName}
            description={said.displayNameHelp}
            autoComplete="name"
            maxLength={200}
            value={displayName}
            onChange={(event) => setDisplayName(event.currentTarget.value)}
            error={missing ? said.displayNameMissing : undefined}
          />
          <Select
            label={said.zone}
            description={said.zoneHelp(timeIn(zone, now))}
            data={zones}
            value={zone || null}
            placeholder={said.zoneAuto}
            // What is written next replaces the choice instead of being added to its name.
            onClick={(event) => event.currentTarget.select()}
            searchable
            clearable
            clearButtonProps={{ 'aria-label': said.zoneAuto }}
            nothingFoundMessage={said.zoneNone}
            limit={60}
            onChange={(value) => setZone(value ?? '')}
          />
          <ProblemNote error={save.error} />
          <div className={css.row}>
            <Button type="submit" variant="filled" loading={save.isPending} disabled={same || missing}>
              {said.save}
            </Button>
            {same && <span className="xs t3">{said.same}</span>}
          </div>
        </form>
      </Section>
      <Password />
    </div>
  );
}
