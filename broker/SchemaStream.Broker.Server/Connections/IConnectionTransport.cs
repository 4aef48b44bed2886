namespace SchemaStream.Broker.Server.Connections;

/// <summary>What carries a connection's bytes. Plain TCP now; an encrypted stream is another implementation.</summary>
internal interface IConnectionTransport : IDisposable
{
    /// <summary>At least one byte, or 0 when the client has finished sending.</summary>
    ValueTask<int> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellation);

    /// <summary>Sends all segments in order, without joining them first. One send at a time.</summary>
    ValueTask SendAsync(List<ArraySegment<byte>> segments);
}
