using SchemaStream.Broker.Metadata.Commands;
using SchemaStream.Broker.Runtime.Access;
using SchemaStream.Broker.Runtime.Cluster;
using SchemaStream.Protocol;

namespace SchemaStream.Broker.Runtime.Controller;

/// <summary>Hands out producer ids from a block, and asks the controller for the next block when it is used up.</summary>
internal sealed class ProducerIdAccess(IMetadataAccess metadata, IBrokerLifecycle lifecycle) : IProducerIdAccess, IDisposable
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
                var command = new AllocateProducerIdsCommand(lifecycle.BrokerId, lifecycle.BrokerEpoch);
                var block = await metadata.SubmitAsync(command, cancellationToken).ConfigureAwait(false);
                if (block.ErrorCode != ErrorCode.None)
                {
                    return new ProducerIdResult(Told(block.ErrorCode), -1, -1);
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

    /// <summary>What passes by itself is told as what producers try again on.</summary>
    private static ErrorCode Told(ErrorCode error) => error switch
    {
        ErrorCode.NotController or ErrorCode.NetworkException or ErrorCode.StaleBrokerEpoch or ErrorCode.BrokerIdNotRegistered =>
            ErrorCode.CoordinatorLoadInProgress,
        _ => error,
    };
}
