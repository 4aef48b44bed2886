namespace SchemaStream.Broker.Coordination.Transactions;

/// <summary>The settings of a transaction shard, by their Kafka key.</summary>
public sealed record TransactionShardOptions
{
    /// <summary>transaction.max.timeout.ms</summary>
    public TimeSpan MaxTimeout { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>transactional.id.expiration.ms</summary>
    public TimeSpan IdExpiration { get; init; } = TimeSpan.FromDays(7);

    /// <summary>transaction.remove.expired.transaction.cleanup.interval.ms</summary>
    public TimeSpan IdExpiryInterval { get; init; } = TimeSpan.FromHours(1);
}
