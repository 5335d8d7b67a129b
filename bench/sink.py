"""A mail server on loopback that takes everything, writes nothing, and can take its time: `python sink.py [MILLISECONDS]`.

Prints its port. `STAT` answers how many mails it took and to how many addresses.
"""
import asyncio
import sys


class Sink:
    def __init__(self, delay):
        self.delay = delay  # seconds before the answer to a mail
        self.taken, self.addresses = 0, set()

    async def serve(self, reader, writer):
        async def answer(text):
            writer.write(text.encode() + b'\r\n')
            await writer.drain()

        await answer('220 sink')
        recipients = []
        while line := (await reader.readline()).decode().strip():
            verb = line[:4].upper()
            if verb == 'EHLO':
                await answer('250-sink\r\n250-PIPELINING\r\n250-SMTPUTF8\r\n250 8BITMIME')
            elif verb == 'RCPT':
                recipients.append(line.partition('<')[2].partition('>')[0])
                await answer('250 ok')
            elif verb == 'DATA':
                await answer('354 go on')
                await reader.readuntil(b'\r\n.\r\n')
                await asyncio.sleep(self.delay)
                self.taken += 1
                self.addresses.update(recipients)
                recipients.clear()
                await answer('250 2.0.0 taken')
            elif verb == 'STAT':
                await answer(f'250 {self.taken} {len(self.addresses)}')
                self.taken, self.addresses = 0, set()
            elif verb == 'QUIT':
                await answer('221 bye')
                break
            else:
                await answer('250 ok')
        writer.close()


async def main():
    sink = Sink(float(sys.argv[1] if len(sys.argv) > 1 else 0) / 1000)
    server = await asyncio.start_server(sink.serve, '127.0.0.1', 0, limit=2**26)
    print(server.sockets[0].getsockname()[1], flush=True)
    async with server:
        await server.serve_forever()


if __name__ == '__main__':
    asyncio.run(main())
