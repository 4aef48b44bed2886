using System.Text;
using SchemaStream.Protocol;

namespace SchemaStream.Transport.Wire.Connections;

/// <summary>Kafka's errors by the names that librdkafka has for them, which are this SDK's codes.</summary>
internal static class WireErrors
{
    /// <summary>Those that are older than Kafka's names of today.</summary>
    private static readonly Dictionary<ErrorCode, string> Own = new()
    {
        [ErrorCode.UnknownTopicOrPartition] = "UNKNOWN_TOPIC_OR_PART",
        [ErrorCode.NotLeaderOrFollower] = "NOT_LEADER_FOR_PARTITION",
        [ErrorCode.MessageTooLarge] = "MSG_SIZE_TOO_LARGE",
        [ErrorCode.InvalidTopicException] = "TOPIC_EXCEPTION",
    };

    /// <summary>An error's name, such as <c>TOPIC_AUTHORIZATION_FAILED</c>.</summary>
    public static string NameOf(ErrorCode error)
    {
        if (Own.TryGetValue(error, out var own))
        {
            return own;
        }

        var name = new StringBuilder();
        foreach (var letter in error.ToString())
        {
            if (char.IsUpper(letter) && name.Length > 0)
            {
                name.Append('_');
            }

            name.Append(char.ToUpperInvariant(letter));
        }

        return name.ToString();
    }
}
