using SchemaStream.Protocol;

namespace SchemaStream.Broker.Metadata.Commands;

/// <summary>What to do with one config; the numbers are the protocol's.</summary>
public enum ConfigOperation : sbyte
{
    Set = 0,
    Delete = 1,

    /// <summary>Add items to a list.</summary>
    Append = 2,

    /// <summary>Take items out of a list.</summary>
    Subtract = 3,
}

/// <summary>One change of one config.</summary>
public readonly record struct ConfigChange(string Key, ConfigOperation Operation, string? Value);

/// <summary>The changes of one topic's configs: all of them or none.</summary>
/// <param name="Topic">Its name.</param>
/// <param name="Changes">In order; a key may stand there once.</param>
/// <param name="ReplaceAll">AlterConfigs' old manner: what is not set goes back to its default.</param>
public sealed record TopicConfigAlteration(string Topic, IReadOnlyList<ConfigChange> Changes, bool ReplaceAll = false);

/// <summary>IncrementalAlterConfigs and AlterConfigs, of topics.</summary>
public sealed record AlterTopicConfigsCommand(IReadOnlyList<TopicConfigAlteration> Topics, bool ValidateOnly = false)
    : ControllerCommand<AlterTopicConfigsReply>
{
    /// <inheritdoc/>
    public override AlterTopicConfigsReply Refused(ErrorCode error, string message) => new(
        [.. Topics.Select(topic => new TopicResult(topic.Topic, error, message))]);
}

/// <summary>Answers <see cref="AlterTopicConfigsCommand"/>, in the request's order.</summary>
public sealed record AlterTopicConfigsReply(IReadOnlyList<TopicResult> Topics);
