// ClickHouse embedded in a process of its own: a line of JSON {sql, format} in, a line {text} or
// {error} out. The folder of the data is the one argument; the end of the input ends it.
import readline from 'node:readline';
import { Session } from 'chdb';

const session = new Session(process.argv[2]);
const lines = readline.createInterface({ input: process.stdin, crlfDelay: Infinity });
for await (const line of lines) {
  const { sql, format } = JSON.parse(line);
  let answer;
  try {
    answer = { text: session.query(sql, format) ?? '' };
  } catch (error) {
    answer = { error: String(error.message ?? error) };
  }
  process.stdout.write(JSON.stringify(answer) + '\n');
}
session.close();
