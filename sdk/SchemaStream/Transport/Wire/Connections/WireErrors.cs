using System.Text;
using SchemaStream.Protocol;

namespace SchemaStream.Transport.Wire.Connections;

/// <summary>Kafka's errors by the names that librdkafka has for them, which are this SDK's codes.</summary>
internal static class WireErrors
{
    /// <summary>An error's name, such as <c>TOPIC_AUTHORIZATION_FAILED</c>.</summary>
    public static string NameOf(ErrorCode error)
    {
        if (error == ErrorCode.UnknownTopicOrPartition)
        {
            return "UNKNOWN_TOPIC_OR_PART";
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
