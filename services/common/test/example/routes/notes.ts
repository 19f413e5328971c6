import { AppError, get, post, reply, routes } from '@genai-platform/common';
import type { Route } from '@genai-platform/common';
import { z } from 'zod';
import type { Deps } from '../deps.ts';

const NewNote = z.object({ text: z.string().min(1).max(10_000) }).meta({ id: 'NewNote' });
const Note = NewNote.extend({ id: z.string(), created_at: z.iso.datetime() }).meta({ id: 'Note' });
const NoteId = z.object({ id: z.uuid() });

export const noteRoutes = ({ database, maxPerTenant }: Deps): Route[] =>
  routes(
    post(
      '/v1/notes',
      { summary: 'Write a note', body: NewNote, reply: Note, status: 201, scopes: ['notes:write'] },
      async ({ body, identity, signal }) => {
        const note = await database.withTransaction({ identity, signal }, async (tx) => {
          const [{ count } = { count: 0 }] = await tx.rows<{ count: number }>(
            'SELECT count(*)::int AS count FROM notes WHERE tenant = $1',
            [identity.tenant],
          );
          if (count >= maxPerTenant) {
            throw new AppError('NOTES_FULL', { status: 409, detail: `there are ${count} notes already` });
          }
          const insert = 'INSERT INTO notes (tenant, text) VALUES ($1, $2) RETURNING id, text, created_at';
          return (await tx.row<NoteRow>(insert, [identity.tenant, body.text])) as NoteRow;
        });
        return reply(toNote(note), { headers: { location: `/v1/notes/${note.id}` } });
      },
    ),
    get(
      '/v1/notes/:id',
      { summary: 'Get a note', params: NoteId, reply: Note, scopes: ['notes:read'] },
      async ({ params, identity, signal }) => {
        const select = 'SELECT id, text, created_at FROM notes WHERE tenant = $1 AND id = $2';
        const [note] = await database.rows<NoteRow>({ identity, signal, readOnly: true }, select, [
          identity.tenant,
          params.id,
        ]);
        if (note === undefined) throw new AppError('NOTES_MISSING', { status: 404, detail: 'there is no such note' });
        return toNote(note);
      },
    ),
  );

type NoteRow = { id: string; text: string; created_at: Date };

const toNote = ({ created_at, ...note }: NoteRow): z.input<typeof Note> => ({
  ...note,
  created_at: created_at.toISOString(),
});
