using System.Net;
using System.Net.Sockets;

namespace SchemaStream.Cli.Processes;

/// <summary>
/// Ports to listen on for good. They lie below the range that systems take for outgoing connections: a broker that is down
/// for a while must not find that a stranger's connection sits on its port.
/// </summary>
internal static class FreePorts
{
    private const int Lowest = 20_000;
    private const int BeyondHighest = 32_000;
    private const int MostTries = 1_000;

    /// <summary>So many ports that no one listens on, each once.</summary>
    public static int[] Take(int count, IPAddress address)
    {
        var held = new Dictionary<int, Socket>();
        try
        {
            for (var tries = 0; held.Count < count; tries++)
            {
                if (tries == MostTries)
                {
                    throw new IOException($"No {count} free ports were found between {Lowest} and {BeyondHighest}.");
                }

                var port = Random.Shared.Next(Lowest, BeyondHighest);
                if (!held.ContainsKey(port) && TryListen(address, port) is { } socket)
                {
                    held.Add(port, socket);
                }
            }

            return [.. held.Keys];
        }
        finally
        {
            foreach (var socket in held.Values)
            {
                socket.Dispose();
            }
        }
    }

    private static Socket? TryListen(IPAddress address, int port)
    {
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(address, port));
            socket.Listen();
            return socket;
        }
        catch (SocketException)
        {
            socket.Dispose();
            return null;
        }
    }
}
