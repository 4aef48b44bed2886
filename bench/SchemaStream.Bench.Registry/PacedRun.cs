using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using SchemaStream.Bench.Load;

namespace SchemaStream.Bench.Registry;

/// <summary>
/// Reads at a fixed rate, each counted from when it was due: a server that stalls is charged for everyone who waits, which a
/// client that sends the next request after the last answer would not notice.
/// </summary>
internal static class PacedRun
{
    private const int Clients = 16;

    public static void Measure(Server registry, SchemaLoad load, double rate, TimeSpan length, Report report)
    {
        var latencies = new List<double>[Clients];
        var threads = Enumerable.Range(0, Clients).Select(client => new Thread(() => latencies[client] = Run(registry.Address, load, rate / Clients, length, client))).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
        var all = latencies.SelectMany(one => one).Order().ToArray();
        report.Add($"reads at {rate:N0}/s, half of that: p50", all[all.Length / 2], "ms");
        report.Add("p99", all[(int)(all.Length * 0.99)], "ms", most: 5, $"max {all[^1]:F1}");
    }

    private static List<double> Run(Uri address, SchemaLoad load, double rate, TimeSpan length, int seed)
    {
        var random = new Random(seed);
        var latencies = new List<double>((int)(rate * length.TotalSeconds) + 1);
        var buffer = new byte[64 * 1024];
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        socket.Connect(address.Host, address.Port);
        var start = Stopwatch.GetTimestamp();
        var interval = Stopwatch.Frequency / rate;
        for (var i = 0; ; i++)
        {
            var due = start + (long)(i * interval);
            if (Stopwatch.GetElapsedTime(start, due) > length)
            {
                return latencies;
            }

            while (Stopwatch.GetTimestamp() < due)
            {
                // Sleeping, not spinning: that would take the cores from the server. What falls due meanwhile is sent late, and
                // counts as late, by a millisecond or so.
                Pause.Briefly();
            }

            socket.Send(Encoding.ASCII.GetBytes($"GET /schemas/ids/{random.Next(1, load.Count + 1)} HTTP/1.1\r\nHost: {address.Authority}\r\n\r\n"));
            ReadResponse(socket, buffer);
            latencies.Add(Stopwatch.GetElapsedTime(due).TotalMilliseconds);
        }
    }

    private static void ReadResponse(Socket socket, byte[] buffer)
    {
        var read = 0;
        while (true)
        {
            var count = socket.Receive(buffer.AsSpan(read));
            read += count > 0 ? count : throw new IOException("The server closed the connection.");
            var head = buffer.AsSpan(0, read).IndexOf("\r\n\r\n"u8);
            if (head < 0)
            {
                continue;
            }

            var headers = Encoding.ASCII.GetString(buffer, 0, head);
            if (!headers.StartsWith("HTTP/1.1 200", StringComparison.Ordinal))
            {
                throw new IOException($"The server answered {headers}");
            }

            var length = headers.Split("\r\n").Single(line => line.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase));
            if (read >= head + 4 + int.Parse(length["Content-Length:".Length..], System.Globalization.CultureInfo.InvariantCulture))
            {
                return;
            }
        }
    }
}
