namespace SchemaStream.Broker.Metadata.Topics;

/// <summary>What may be a topic's name; the rules are Kafka's.</summary>
public static class TopicNames
{
    /// <summary>Characters; a partition's directory has the name and must fit the file system.</summary>
    public const int LongestName = 249;

    /// <summary>The controller's own log has a directory of this name.</summary>
    public const string ClusterMetadata = "__cluster_metadata";

    private static readonly string[] Internal = ["__consumer_offsets", "__transaction_state", "__share_group_state"];

    /// <summary>Whether the topic is a coordinator's own: its partition count decides who coordinates what.</summary>
    public static bool IsInternal(string name) => Internal.Contains(name);

    /// <summary>Why the name is none; null if it is one.</summary>
    public static string? Validate(string name)
    {
        if (name.Length == 0)
        {
            return "Topic name is invalid: the empty string is not allowed";
        }

        if (name is "." or "..")
        {
            return $"Topic name is invalid: '{name}' is not allowed";
        }

        if (name.Length > LongestName)
        {
            return $"Topic name is invalid: the length of '{name}' is longer than the max allowed length {LongestName}";
        }

        if (!name.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-'))
        {
            return $"Topic name is invalid: '{name}' contains one or more characters other than ASCII alphanumerics, '.', '_' and '-'";
        }

        return name == ClusterMetadata ? $"Topic name is invalid: '{name}' is the controller's own log" : null;
    }

    /// <summary>Whether there are other names with this one's <see cref="CollisionKey"/>.</summary>
    public static bool CanCollide(string name) => name.AsSpan().ContainsAny('.', '_');

    /// <summary>Names that differ in '.' and '_' only would give metrics of the same name.</summary>
    public static string CollisionKey(string name) => name.Replace('.', '_');
}
