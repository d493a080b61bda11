import { execFile } from 'node:child_process';

/** Runs a program without a shell and gives its standard output; fails with its standard error. */
export function run(file: string, args: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(file, [...args], { encoding: 'utf8', timeout: 60_000, maxBuffer: 32 << 20 }, (error, stdout, stderr) => {
      if (error === null) resolve(stdout);
      else reject(new Error(`${file} ${args.join(' ')}: ${stderr}`, { cause: error }));
    });
  });
}
