using System.Globalization;

namespace SchemaStream.Consuming.Failures;

/// <summary>How retry and dead-letter topics are named.</summary>
internal static class FailureTopicNames
{
    /// <summary>The dead-letter topic of a topic.</summary>
    /// <param name="topic">The topic.</param>
    /// <param name="policy">May name another.</param>
    public static string DeadLetters(string topic, FailurePolicy policy) => Demand(policy.DeadLetterTopic ?? topic + ".dlt");

    /// <summary>The topic in which records wait for an attempt; each group has its own, for its delays are its own.</summary>
    /// <param name="topic">The topic.</param>
    /// <param name="groupId">The group.</param>
    /// <param name="number">The number of the retry, from 1.</param>
    public static string Retry(string topic, string groupId, int number) =>
        Demand(string.Create(CultureInfo.InvariantCulture, $"{topic}.{Legal(groupId)}.retry.{number}"));

    private static string Demand(string name) => name.Length <= Topic.LongestName ? name : throw new ArgumentException(
        $"The topic '{name}' of failed records would have a name of {name.Length} characters, and Kafka allows {Topic.LongestName}.");

    /// <summary>Groups may be named as they like, topics may not.</summary>
    private static string Legal(string groupId) => string.Create(groupId.Length, groupId, static (name, group) =>
    {
        for (var index = 0; index < name.Length; index++)
        {
            name[index] = char.IsAsciiLetterOrDigit(group[index]) || group[index] is '.' or '_' or '-' ? group[index] : '-';
        }
    });
}
