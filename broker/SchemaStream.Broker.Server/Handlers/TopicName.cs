namespace SchemaStream.Broker.Server.Handlers;

/// <summary>What may be a topic's name, by Kafka's rule.</summary>
internal static class TopicName
{
    private const int LongestName = 249;

    public static bool IsValid(string name)
    {
        if (name.Length is 0 or > LongestName || name is "." or "..")
        {
            return false;
        }

        foreach (var letter in name)
        {
            if (!char.IsAsciiLetterOrDigit(letter) && letter is not ('.' or '_' or '-'))
            {
                return false;
            }
        }

        return true;
    }
}
