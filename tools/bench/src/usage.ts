/** What `npm run bench -- --help` prints. */
export const USAGE = `npm run bench -- [options]: starts a stack of its own and measures it

Messages through all of Parley, through a bare relay and, where the packages ejabberd, erlang-p1-pgsql and postgresql are
installed, through ejabberd, archiving all in a PostgreSQL of its own
  --clients 100      how many clients, in pairs
  --seconds 10       how long is measured
  --warmup 3         seconds before that
  --open 1000        so many messages a second, whatever comes back; without it each pair waits for its last one
  --drivers 1        processes that play the clients (one for every 500)
  --instances 1      of chat-api and of the gateway, side by side; with every subject below but the last two

In place of that
  --storm 2000       so many clients connect at once
  --idle 5000        memory of so many connections that say nothing
  --data-size        opening, sync and search in a long chat against a short one
    --messages 100000  how long the long one is (from 1100 on)
  pictures           a photo of 10 MiB until it is seen in full, and the memory of chat-api and its image worker
    --pictures 10      how many are completed at once
  mongo              the database alone
    --documents 200000  --seconds 4
    --soak             its memory over a million operations

  --json             figures for programs
  --help             this`;
