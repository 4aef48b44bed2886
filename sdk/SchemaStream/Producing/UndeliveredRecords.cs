using Microsoft.Extensions.Logging;
using SchemaStream.Transport;

namespace SchemaStream.Producing;

/// <summary>Remembers the failures of records that no one waited for, until a flush reports them.</summary>
/// <param name="topic">The topic.</param>
/// <param name="handler">The application's handler, if it has one.</param>
/// <param name="logger">Where the first failure since the last flush is logged.</param>
internal sealed class UndeliveredRecords(string topic, Action<DeliveryFailure>? handler, ILogger logger) : IDeliveryFailures
{
    private readonly Lock _lock = new();
    private DeliveryFailure? _first;
    private long _count;

    /// <inheritdoc />
    public void Report(DeliveryFailure failure)
    {
        Telemetry.CountFailedDelivery(topic);
        bool isFirst;
        lock (_lock)
        {
            isFirst = _first is null;
            _first ??= failure;
            _count++;
        }

        if (isFirst)
        {
            logger.DeliveryFailed(topic, failure.Code, failure.Reason);
        }

        try
        {
            handler?.Invoke(failure);
        }
        catch (Exception thrown)
        {
            // The application's code on the transport's thread: it must not end that.
            logger.FailureHandlerThrew(topic, thrown);
        }
    }

    /// <summary>Forgets the failures so far.</summary>
    /// <returns>What a flush throws; null when all went well.</returns>
    public DeliveryException? Take()
    {
        lock (_lock)
        {
            var failure = _first is null ? null : new DeliveryException(_first, _count);
            _first = null;
            _count = 0;
            return failure;
        }
    }
}
