namespace SchemaStream.Broker.Server.Quotas;

/// <summary>Over how long a rate is measured.</summary>
/// <param name="Count">quota.window.num: windows that are remembered.</param>
/// <param name="Length">quota.window.size.seconds: of one window.</param>
public readonly record struct QuotaWindows(int Count, TimeSpan Length)
{
    /// <summary>Kafka's defaults.</summary>
    public static QuotaWindows Default { get; } = new(11, TimeSpan.FromSeconds(1));
}
