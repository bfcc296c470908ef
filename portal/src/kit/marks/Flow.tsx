import type { FlowState } from '@/kit/flow';
import { flow as words } from '@/words/flow';
import type { GlyphName } from './Glyph';
import { Status, type Tone } from './Marks';

const marks: Record<FlowState, [Tone, GlyphName]> = {
  failing: ['bad', 'blocker'],
  troubled: ['warn', 'warning'],
  refused: ['warn', 'half'],
  limited: ['warn', 'half'],
  flowing: ['ok', 'ok'],
  silent: ['mute', 'todo'],
};

/** How a connection does: a glyph and a word. */
export function Flow({ state }: { state: FlowState }) {
  const [tone, glyph] = marks[state];
  return (
    <Status tone={tone} glyph={glyph}>
      {words[state]}
    </Status>
  );
}
