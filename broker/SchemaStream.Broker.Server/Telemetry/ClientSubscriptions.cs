using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using SchemaStream.Broker.Metadata.Configs;
using SchemaStream.Protocol.Checksums;

namespace SchemaStream.Broker.Server.Telemetry;

/// <summary>A client as subscriptions to metrics can tell it from others.</summary>
internal sealed record TelemetryClient(Guid InstanceId, string ClientId, string SoftwareName, string SoftwareVersion, IPEndPoint Remote)
{
    /// <summary>What a pattern of this key looks at.</summary>
    public string this[string key] => key switch
    {
        "client_instance_id" => InstanceIdText,
        "client_id" => ClientId,
        "client_software_name" => SoftwareName,
        "client_software_version" => SoftwareVersion,
        "client_source_address" => Remote.Address.ToString(),
        _ => Remote.Port.ToString(CultureInfo.InvariantCulture),
    };

    /// <summary>As Kafka writes ids: base64 without padding, safe in addresses.</summary>
    private string InstanceIdText =>
        Convert.ToBase64String(InstanceId.ToByteArray(bigEndian: true)).TrimEnd('=').Replace('+', '-').Replace('/', '_');
}

/// <summary>What one client is to push.</summary>
/// <param name="Id">Of this combination: another one has another id, and the same one the same on each broker.</param>
/// <param name="Metrics">Prefixes of names; "*" for all, none for nothing.</param>
/// <param name="IntervalMs">How often.</param>
internal sealed record TelemetrySubscription(int Id, IReadOnlyList<string> Metrics, int IntervalMs);

/// <summary>The subscriptions to clients' metrics as of one image, ready to be matched.</summary>
internal sealed class ClientSubscriptions
{
    private const string All = "*";

    private readonly IReadOnlyList<Entry> _entries;

    public ClientSubscriptions(ImmutableSortedDictionary<string, ImmutableSortedDictionary<string, string>> configs)
    {
        Configs = configs;
        _entries = [.. configs.Values.Select(Parse)];
    }

    /// <summary>What these were made of.</summary>
    public ImmutableSortedDictionary<string, ImmutableSortedDictionary<string, string>> Configs { get; }

    /// <summary>Everything that any matching subscription asks for, as often as the most eager of them wants it.</summary>
    public TelemetrySubscription For(TelemetryClient client)
    {
        var metrics = new SortedSet<string>(StringComparer.Ordinal);
        var intervalMs = ClientMetricsConfigDefinitions.DefaultIntervalMs;
        foreach (var entry in _entries)
        {
            if (entry.Matches(client))
            {
                metrics.UnionWith(entry.Metrics);
                intervalMs = Math.Min(intervalMs, entry.IntervalMs);
            }
        }

        string[] asked = metrics.Contains(All) ? [All] : [.. metrics];
        var text = $"{string.Join(',', asked)}|{intervalMs.ToString(CultureInfo.InvariantCulture)}|{client.InstanceId:N}";
        return new TelemetrySubscription((int)Crc32C.Compute(Encoding.UTF8.GetBytes(text)), asked, intervalMs);
    }

    private static Entry Parse(ImmutableSortedDictionary<string, string> configs)
    {
        var interval = configs.GetValueOrDefault(ClientMetricsConfigDefinitions.IntervalMs);

        // What does not parse was refused when it was set.
        _ = ClientMetricsConfigDefinitions.TryParseMatch(configs.GetValueOrDefault(ClientMetricsConfigDefinitions.Match, ""), out var patterns);
        return new Entry(
            TopicConfigDefinition.Items(configs.GetValueOrDefault(ClientMetricsConfigDefinitions.Metrics, "")),
            interval is null ? ClientMetricsConfigDefinitions.DefaultIntervalMs : int.Parse(interval, CultureInfo.InvariantCulture),
            patterns);
    }

    private sealed record Entry(IReadOnlyList<string> Metrics, int IntervalMs, IReadOnlyDictionary<string, Regex> Patterns)
    {
        public bool Matches(TelemetryClient client) => Patterns.All(pattern => pattern.Value.IsMatch(client[pattern.Key]));
    }
}
