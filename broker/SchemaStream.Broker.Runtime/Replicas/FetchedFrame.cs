using SchemaStream.Protocol.Client;

namespace SchemaStream.Broker.Runtime.Replicas;

/// <summary>
/// The memory of one response while records in it are appended. It is given back with the last append, which may be after
/// the next response came; frames themselves are used again.
/// </summary>
internal sealed class FetchedFrame(Action<FetchedFrame> free)
{
    private PooledResponse _loan;
    private int _users;

    /// <summary>The first user is the one who received it.</summary>
    public void Begin(PooledResponse loan) => (_loan, _users) = (loan, 1);

    public void Hold() => Interlocked.Increment(ref _users);

    public void Release()
    {
        if (Interlocked.Decrement(ref _users) > 0)
        {
            return;
        }

        var loan = _loan;
        _loan = default;
        loan.Dispose();
        free(this);
    }
}
