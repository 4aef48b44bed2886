using System.Net;
using System.Net.Sockets;

namespace SchemaStream.TestKit;

/// <summary>Ports of loopback for what has to know its address before it listens.</summary>
public static class FreePorts
{
    /// <summary>Below the range of outgoing connections, so that a node which is stopped finds its ports free again.</summary>
    public static int[] Take(int count)
    {
        var ports = new HashSet<int>();
        while (ports.Count < count)
        {
            var port = Random.Shared.Next(10_000, 20_000);
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
                socket.Listen();
                ports.Add(port);
            }
            catch (SocketException)
            {
                // Someone has it.
            }
        }

        return [.. ports];
    }
}
