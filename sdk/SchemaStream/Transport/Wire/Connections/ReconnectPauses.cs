using SchemaStream.Protocol.Client.Clusters;

namespace SchemaStream.Transport.Wire.Connections;

/// <summary>Until when brokers that could not be reached are left alone. Safe for all threads.</summary>
/// <param name="delays">How long.</param>
/// <param name="time">The clock.</param>
internal sealed class ReconnectPauses(ReconnectDelays delays, TimeProvider time)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<BrokerAddress, (Backoff Backoff, long Since, TimeSpan Pause)> _failed = [];

    /// <summary>How long a broker is still to be left alone; zero when it may be tried.</summary>
    public TimeSpan Left(BrokerAddress address)
    {
        lock (_lock)
        {
            return _failed.TryGetValue(address, out var failed) && failed.Pause - time.GetElapsedTime(failed.Since) is { Ticks: > 0 } left
                ? left
                : TimeSpan.Zero;
        }
    }

    /// <summary>It could not be reached.</summary>
    public void OnFailed(BrokerAddress address)
    {
        lock (_lock)
        {
            var backoff = _failed.TryGetValue(address, out var failed) ? failed.Backoff : delays.Begin();
            _failed[address] = (backoff, time.GetTimestamp(), backoff.Next());
        }
    }

    /// <summary>It was reached.</summary>
    public void OnConnected(BrokerAddress address)
    {
        lock (_lock)
        {
            _failed.Remove(address);
        }
    }
}
