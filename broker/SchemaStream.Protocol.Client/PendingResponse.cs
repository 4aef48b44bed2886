namespace SchemaStream.Protocol.Client;

/// <summary>A request that was sent: what its response is read as, and who waits for it.</summary>
internal abstract class PendingResponse(int correlationId)
{
    public int CorrelationId => correlationId;

    public abstract void Complete(ReadOnlyMemory<byte> frame);

    public abstract void Fail(Exception exception);
}

internal sealed class PendingResponse<TResponse>(int correlationId, short version) : PendingResponse(correlationId)
    where TResponse : IResponseMessage, IApiMessage, new()
{
    private readonly TaskCompletionSource<TResponse> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<TResponse> Task => _completion.Task;

    public override void Complete(ReadOnlyMemory<byte> frame)
    {
        var reader = new KafkaReader(frame);
        var flexible = version >= TResponse.FirstFlexibleVersion;
        var header = ResponseHeader.Read(ref reader, ResponseHeader.VersionFor(TResponse.ApiKey, flexible));
        if (header.CorrelationId != CorrelationId)
        {
            throw new ProtocolException($"CorrelationId: expected {CorrelationId}, found {header.CorrelationId}");
        }

        var response = new TResponse();
        response.Read(ref reader, version);
        _completion.TrySetResult(response);
    }

    public override void Fail(Exception exception) => _completion.TrySetException(exception);
}
