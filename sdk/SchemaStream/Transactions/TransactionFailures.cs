using SchemaStream.Transport;

namespace SchemaStream.Transactions;

/// <summary>Remembers why records of the current transaction failed, until its end asks.</summary>
internal sealed class TransactionFailures : IDeliveryFailures
{
    private DeliveryFailure? _first;

    /// <inheritdoc />
    public void Report(DeliveryFailure failure) => Interlocked.CompareExchange(ref _first, failure, null);

    /// <summary>Whether there is a failure that no one has taken yet.</summary>
    public bool HasAny => Volatile.Read(ref _first) is not null;

    /// <summary>The first failure since the last call; null for none.</summary>
    public DeliveryFailure? Take() => Interlocked.Exchange(ref _first, null);
}
