using System.Text;
using SchemaStream.Protocol;
using SchemaStream.Protocol.Client;

namespace SchemaStream.Cli.Kafka;

/// <summary>Brokers' errors as Kafka's tools print them.</summary>
internal static class KafkaErrors
{
    /// <summary>The error in capitals, such as <c>UNKNOWN_TOPIC_OR_PARTITION</c>.</summary>
    public static string Name(ErrorCode error)
    {
        var name = error.ToString();
        var text = new StringBuilder(name.Length + 8);
        for (var i = 0; i < name.Length; i++)
        {
            if (i > 0 && char.IsUpper(name[i]))
            {
                text.Append('_');
            }

            text.Append(char.ToUpperInvariant(name[i]));
        }

        return text.ToString();
    }

    /// <summary>The exception of Kafka's Java client, by its full name.</summary>
    public static string ClassName(ErrorCode error)
    {
        var name = error switch
        {
            ErrorCode.NonEmptyGroup => "GroupNotEmpty",
            ErrorCode.MessageTooLarge => "RecordTooLarge",
            ErrorCode.RequestTimedOut => "Timeout",
            ErrorCode.TopicAlreadyExists => "TopicExists",
            ErrorCode.InvalidTopicException => "InvalidTopic",
            _ => error.ToString(),
        };
        return $"org.apache.kafka.common.errors.{name}Exception";
    }

    /// <summary>What the error means, in the words that scripts look for where Kafka has well-known ones.</summary>
    public static string Describe(ErrorCode error) => error switch
    {
        ErrorCode.NonEmptyGroup => "The group is not empty.",
        ErrorCode.GroupIdNotFound => "The group id does not exist.",
        ErrorCode.InvalidGroupId => "The group id is invalid.",
        ErrorCode.GroupSubscribedToTopic =>
            "Deleting offsets of a topic is forbidden while the consumer group is actively subscribed to it.",
        ErrorCode.UnknownTopicOrPartition => "This server does not host this topic-partition.",
        ErrorCode.GroupAuthorizationFailed => "Group authorization failed.",
        ErrorCode.TopicAuthorizationFailed => "Topic authorization failed.",
        _ => Name(error),
    };

    /// <summary>An error with the broker's own words, where it has some.</summary>
    public static KafkaErrorException Of(ErrorCode error, string? message) => new(error, message is { Length: > 0 } ? message : Describe(error));
}
