using System.Globalization;

namespace SchemaStream.Broker.Replication;

/// <summary>
/// Which replicas of a topic a <see cref="ReplicationQuota"/> holds back: the topic configs
/// <c>leader.replication.throttled.replicas</c> and <c>follower.replication.throttled.replicas</c>, a list of
/// <c>partition:broker</c>, or <c>*</c> for all.
/// </summary>
public sealed class ThrottledReplicas
{
    private const string All = "*";

    private readonly HashSet<(int Partition, int BrokerId)>? _replicas;

    private ThrottledReplicas(HashSet<(int Partition, int BrokerId)>? replicas) => _replicas = replicas;

    public static ThrottledReplicas None { get; } = new([]);

    public bool IsEmpty => _replicas is { Count: 0 };

    public bool Contains(int partition, int brokerId) => _replicas is null || _replicas.Contains((partition, brokerId));

    /// <summary>False when the text is no such list.</summary>
    public static bool TryParse(string? text, out ThrottledReplicas throttled)
    {
        throttled = None;
        var trimmed = text?.Trim();
        if (string.IsNullOrEmpty(trimmed))
        {
            return true;
        }

        if (trimmed == All)
        {
            throttled = new ThrottledReplicas(null);
            return true;
        }

        var replicas = new HashSet<(int, int)>();
        foreach (var entry in trimmed.Split(','))
        {
            if (entry.Split(':') is not [var partition, var broker]
                || !IsNumber(partition, out var partitionId)
                || !IsNumber(broker, out var brokerId))
            {
                return false;
            }

            replicas.Add((partitionId, brokerId));
        }

        throttled = new ThrottledReplicas(replicas);
        return true;
    }

    private static bool IsNumber(string text, out int number) => int.TryParse(
        text, NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out number);
}
