using SchemaStream.Broker.Metadata.Commands;
using SchemaStream.Broker.Runtime.Access;
using SchemaStream.Protocol;

namespace SchemaStream.Broker.Runtime.Controller;

/// <summary>Hands out producer ids from a block, and asks the controller for the next block when it is used up.</summary>
internal sealed class ProducerIdAccess(IMetadataAccess metadata, long brokerEpoch) : IProducerIdAccess, IDisposable
{
    private readonly SemaphoreSlim _gate = new(1);
    private long _next;
    private long _end;

    public async ValueTask<ProducerIdResult> AllocateAsync(CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (_next == _end)
            {
                var command = new AllocateProducerIdsCommand(metadata.NodeId, brokerEpoch);
                var block = await metadata.SubmitAsync(command, cancellationToken).ConfigureAwait(false);
                if (block.ErrorCode != ErrorCode.None)
                {
                    return new ProducerIdResult(block.ErrorCode, -1, -1);
                }

                (_next, _end) = (block.FirstProducerId, block.FirstProducerId + block.Count);
            }

            return new ProducerIdResult(ErrorCode.None, _next++, 0);
        }
        finally
        {
            _gate.Release();
        }
    }

    public void Dispose() => _gate.Dispose();
}
