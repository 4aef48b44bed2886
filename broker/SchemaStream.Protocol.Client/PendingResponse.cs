namespace SchemaStream.Protocol.Client;

/// <summary>A request that was sent: what its response is read as, and who waits for it.</summary>
internal abstract class PendingResponse
{
    public int CorrelationId { get; set; }

    /// <summary>When the request was sent, as the connection's clock has it.</summary>
    public long SentAt { get; set; }

    /// <summary>Makes room for the response's bytes.</summary>
    public abstract Memory<byte> Frame(int length);

    /// <summary>The frame is filled: reads the response and wakes its waiter.</summary>
    /// <exception cref="ProtocolException">The frame is not this request's response; its waiter has been told.</exception>
    public abstract void Complete();

    public abstract void Fail(Exception exception);

    protected KafkaReader ReadHeader(ReadOnlyMemory<byte> frame, ApiKey api, bool flexible)
    {
        var reader = new KafkaReader(frame);
        var header = ResponseHeader.Read(ref reader, ResponseHeader.VersionFor(api, flexible));
        return header.CorrelationId == CorrelationId
            ? reader
            : throw new ProtocolException($"CorrelationId: expected {CorrelationId}, found {header.CorrelationId}");
    }
}

/// <summary>A response in memory of its own, which lives as long as anyone looks at it.</summary>
internal sealed class PendingResponse<TResponse>(short version) : PendingResponse
    where TResponse : IResponseMessage, IApiMessage, new()
{
    private readonly TaskCompletionSource<TResponse> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private byte[] _frame = [];

    public Task<TResponse> Task => _completion.Task;

    public override Memory<byte> Frame(int length) => _frame = new byte[length];

    public override void Complete()
    {
        try
        {
            var reader = ReadHeader(_frame, TResponse.ApiKey, version >= TResponse.FirstFlexibleVersion);
            var response = new TResponse();
            response.Read(ref reader, version);
            _completion.TrySetResult(response);
        }
        catch (ProtocolException unreadable)
        {
            Fail(unreadable);
            throw;
        }
    }

    public override void Fail(Exception exception) => _completion.TrySetException(exception);
}
