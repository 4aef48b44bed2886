using System.Net;
using Microsoft.Extensions.Logging;
using SchemaStream.Broker.Runtime.Observation;

namespace SchemaStream.Broker.Server.Observation;

/// <summary>What one listener counts, and how much each of its clients may have it log.</summary>
internal sealed class ListenerCounts(
    string name, ServerMetrics metrics, Func<int> connections, Func<long> requestBytes, TimeProvider timeProvider, ILogger logger)
{
    private readonly LogBudget<(IPAddress Address, int EventId)> _budget = new(timeProvider);
    private long _accepted;
    private long _refused;
    private long _received;
    private long _sent;

    public string Name => name;

    public ServerMetrics Metrics => metrics;

    public int Connections => connections();

    public long RequestBytes => requestBytes();

    public long Accepted => Interlocked.Read(ref _accepted);

    public long Refused => Interlocked.Read(ref _refused);

    public long ReceivedBytes => Interlocked.Read(ref _received);

    public long SentBytes => Interlocked.Read(ref _sent);

    public void Accept() => Interlocked.Increment(ref _accepted);

    public void Refuse() => Interlocked.Increment(ref _refused);

    public void Received(int bytes) => Interlocked.Add(ref _received, bytes);

    public void Sent(int bytes) => Interlocked.Add(ref _sent, bytes);

    /// <summary>Where lines about a client's doings go.</summary>
    public ILogger LoggerFor(IPEndPoint client) => new ClientLogger(logger, _budget, client.Address);
}
