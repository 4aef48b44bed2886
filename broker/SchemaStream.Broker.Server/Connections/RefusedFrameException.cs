namespace SchemaStream.Broker.Server.Connections;

/// <summary>A frame's length is negative or over the limit: what follows cannot be told apart, so the connection ends.</summary>
internal sealed class RefusedFrameException(int length, int maxRequestBytes)
    : Exception($"Frame length: expected 0 to {maxRequestBytes} bytes (socket.request.max.bytes), found {length}")
{
    public int Length => length;
}
