using System.Diagnostics.CodeAnalysis;

namespace SchemaStream.Protocol.Client;

/// <summary>A request that is on its way; see <see cref="KafkaConnection.SendAheadAsync"/>.</summary>
[SuppressMessage("Performance", "CA1815:Override equals and operator equals on value types", Justification = "Waited for once, never compared.")]
public readonly struct SentRequest
{
    private readonly PooledExchange _exchange;
    private readonly bool _isInReader;

    internal SentRequest(PooledExchange exchange, bool isInReader) => (_exchange, _isInReader) = (exchange, isInReader);

    /// <summary>Waits for the response, whose byte fields lie in memory that is lent until the result is disposed. Once.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="KafkaConnectionClosedException">The connection ended first, or the broker took longer than the time-out.</exception>
    public ValueTask<PooledResponse> WaitAsync(CancellationToken cancellationToken) => _exchange.WaitAsync(_isInReader, cancellationToken);
}
