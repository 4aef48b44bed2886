using Microsoft.Extensions.Configuration;

namespace SchemaStream.Hosting.Settings;

/// <summary>
/// What configuration may say of a topic that is created, under <c>Topics:&lt;topic&gt;</c>: what is one thing on a developer's machine
/// and another in production. What it does not say is as in the <see cref="TopicSpecification"/> that code gives.
/// </summary>
public sealed class TopicSettings
{
    /// <summary>How many partitions a new topic has.</summary>
    public int? PartitionCount { get; set; }

    /// <summary>How many replicas of each.</summary>
    public short? ReplicationFactor { get; set; }

    /// <summary>Settings of a new topic by Kafka's names, such as <c>retention.ms</c>, beside those of code or in their place.</summary>
    public IDictionary<string, string> Settings { get; set; } = new Dictionary<string, string>();

    internal static PartSettings<TopicSettings> Of(IConfiguration? section, string topic) => new(
        section, "Topics", topic, (text, into) => text.Check<TopicSettings>().Know<TopicSettings>().Usable().Bind(into), configure: null, Check);

    internal TopicSpecification? ToSpecification(TopicSpecification? code)
    {
        if (PartitionCount is null && ReplicationFactor is null && Settings.Count == 0)
        {
            return code;
        }

        var specification = code ?? new TopicSpecification();
        var settings = new Dictionary<string, string>(specification.Settings);
        NamedSettings.Adding(Settings)?.Invoke(settings);
        return specification with
        {
            PartitionCount = PartitionCount ?? specification.PartitionCount,
            ReplicationFactor = ReplicationFactor ?? specification.ReplicationFactor,
            Settings = settings,
        };
    }

    private static void Check(SettingsRules rules, TopicSettings settings)
    {
        rules.OneOrMore(nameof(PartitionCount), settings.PartitionCount);
        rules.OneOrMore(nameof(ReplicationFactor), settings.ReplicationFactor);
    }
}
