using System.Net.Sockets;

namespace SchemaStream.Broker.Server.Connections;

/// <summary>Which exceptions only say that the other end, or we, closed the connection.</summary>
internal static class ConnectionFaults
{
    public static bool IsExpected(Exception exception) =>
        exception is SocketException or IOException or ObjectDisposedException or OperationCanceledException;
}
