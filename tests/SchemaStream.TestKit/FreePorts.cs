using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace SchemaStream.TestKit;

/// <summary>
/// Ports of loopback for what has to know its address before it listens, and must find it free again after it was down.
/// </summary>
/// <remarks>
/// They lie below the range of outgoing connections. No two test processes of this machine take the same one, though a node
/// that is killed listens on nothing for a while: each process leases whole blocks of ports, by a lock on a file for the
/// block that the system takes back when the process ends. Within the process no port is given twice.
/// </remarks>
public static class FreePorts
{
    private const int Lowest = 10_000;
    private const int BeyondHighest = 20_000;
    private const int BlockSize = 50;
    private const int Blocks = (BeyondHighest - Lowest) / BlockSize;

    private static readonly Lock Gate = new();

    /// <summary>Held open for as long as this process lives: the open file is the lease.</summary>
    private static readonly List<FileStream> Leases = [];

    private static int _next;
    private static int _blockEnd;

    /// <summary>So many ports that follow each other, for this process alone.</summary>
    public static int[] Take(int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, BlockSize);
        lock (Gate)
        {
            while (true)
            {
                if (_next + count > _blockEnd)
                {
                    LeaseBlock();
                }

                int[] ports = [.. Enumerable.Range(_next, count)];
                // Something that is no test of ours may sit on one of them: the ports behind it are tried then.
                var taken = Array.FindLastIndex(ports, port => !IsFree(port));
                _next += taken < 0 ? count : taken + 1;
                if (taken < 0)
                {
                    return ports;
                }
            }
        }
    }

    /// <summary>One port, for this process alone.</summary>
    public static int TakeOne() => Take(1)[0];

    private static void LeaseBlock()
    {
        var folder = Directory.CreateDirectory(Path.Combine(Path.GetTempPath(), "schemastream-test-ports"));
        // Processes that start together begin at different blocks, so that seldom one finds another's lock.
        var first = Random.Shared.Next(Blocks);
        for (var i = 0; i < Blocks; i++)
        {
            var block = (first + i) % Blocks;
            var start = Lowest + (block * BlockSize);
            if (TryLock(Path.Combine(folder.FullName, start.ToString(CultureInfo.InvariantCulture))) is { } lease)
            {
                Leases.Add(lease);
                (_next, _blockEnd) = (start, start + BlockSize);
                return;
            }
        }

        throw new IOException($"All ports from {Lowest} to {BeyondHighest} are leased by tests that run; see {folder.FullName}.");
    }

    private static FileStream? TryLock(string path)
    {
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (Exception taken) when (taken is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static bool IsFree(int port)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
            socket.Listen();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
