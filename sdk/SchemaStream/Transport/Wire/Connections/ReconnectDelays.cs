using SchemaStream.Protocol.Client.Clusters;

namespace SchemaStream.Transport.Wire.Connections;

/// <summary>How long a broker that could not be reached is left alone, out of librdkafka's settings.</summary>
/// <param name="First">After the first try (<c>reconnect.backoff.ms</c>); twice as long after each further one.</param>
/// <param name="Longest">And no longer than this (<c>reconnect.backoff.max.ms</c>).</param>
internal sealed record ReconnectDelays(TimeSpan First, TimeSpan Longest)
{
    private const long MostMs = 3_600_000;

    /// <summary>Shorter than librdkafka's: a broker that is started anew is found again at once.</summary>
    public static ReconnectDelays Standard { get; } = new(TimeSpan.FromMilliseconds(50), TimeSpan.FromSeconds(2));

    /// <summary>Reads the settings.</summary>
    /// <param name="settings">By librdkafka's names.</param>
    /// <exception cref="ArgumentException">A value is none of its setting, or they do not fit together.</exception>
    public static ReconnectDelays Of(IReadOnlyDictionary<string, string> settings)
    {
        var first = SettingText.Number(settings, 0, MostMs, (long)Standard.First.TotalMilliseconds, "reconnect.backoff.ms");
        var longest = SettingText.Number(
            settings, 0, MostMs, Math.Max(first, (long)Standard.Longest.TotalMilliseconds), "reconnect.backoff.max.ms");
        if (longest < first)
        {
            if (settings.ContainsKey("reconnect.backoff.ms"))
            {
                throw new ArgumentException(
                    $"reconnect.backoff.max.ms={longest} is less than reconnect.backoff.ms={first}.", nameof(settings));
            }

            first = longest;
        }

        // Zero is "at once": as good as at once, for a loop that fails without a pause has the processor for itself.
        return new ReconnectDelays(TimeSpan.FromMilliseconds(Math.Max(first, 1)), TimeSpan.FromMilliseconds(Math.Max(longest, 1)));
    }

    /// <summary>Counts the tries for one broker.</summary>
    public Backoff Begin() => new(First, Longest, Random.Shared.NextDouble);
}
