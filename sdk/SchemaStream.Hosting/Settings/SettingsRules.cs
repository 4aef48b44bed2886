using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace SchemaStream.Hosting.Settings;

/// <summary>What the values of one section must be; says what is not so by key, value and what was expected.</summary>
/// <param name="path">The section's key; empty for the SDK's own.</param>
/// <param name="client">The SDK's own section, whose transport settings hold for all; null where there is none.</param>
internal sealed class SettingsRules(string path, IConfiguration? client = null)
{
    /// <summary>What the SDK takes as a retry's delay.</summary>
    private static readonly TimeSpan LongestDelay = TimeSpan.FromDays(30);

    private readonly List<string> _wrong = [];

    /// <summary>What is wrong so far.</summary>
    public IReadOnlyList<string> Wrong => _wrong;

    /// <summary>The values of a choice, for people.</summary>
    /// <param name="type">The choice.</param>
    public static string Names(Type type) => Names(Enum.GetNames(type));

    /// <summary>Some names of which one was expected, for people.</summary>
    /// <param name="names">The names.</param>
    public static string Names(string[] names) => names.Length == 1 ? names[0] : $"{string.Join(", ", names[..^1])} or {names[^1]}";

    /// <summary>Says that something is wrong.</summary>
    /// <param name="key">The setting.</param>
    /// <param name="value">What it is.</param>
    /// <param name="expected">What was expected instead.</param>
    public void Refuse(string key, object? value, string expected) =>
        _wrong.Add(string.Create(CultureInfo.InvariantCulture, $"{Path(key)} is {value}; {expected} was expected"));

    /// <summary>One of the choice's values: code may cast any number to it.</summary>
    /// <param name="key">The setting.</param>
    /// <param name="value">Its value, if it has one.</param>
    public void OneOf<TChoice>(string key, TChoice? value)
        where TChoice : struct, Enum
    {
        if (value is { } chosen && !Enum.IsDefined(chosen))
        {
            Refuse(key, chosen, Names(typeof(TChoice)));
        }
    }

    /// <summary>A count that is not nothing.</summary>
    /// <param name="key">The setting.</param>
    /// <param name="value">Its value, if it has one.</param>
    public void OneOrMore(string key, long? value)
    {
        if (value < 1)
        {
            Refuse(key, value, "one or more");
        }
    }

    /// <summary>A time within bounds.</summary>
    /// <param name="key">The setting.</param>
    /// <param name="value">Its value, if it has one.</param>
    /// <param name="least">The shortest, itself allowed.</param>
    /// <param name="most">The longest, itself allowed.</param>
    public void Within(string key, TimeSpan? value, TimeSpan least, TimeSpan most)
    {
        if (value < least || value > most)
        {
            Refuse(key, value, $"a time from {least:c} to {most:c}");
        }
    }

    /// <summary>Whether the transport's own settings, the client's among them, have a word in the matter.</summary>
    /// <param name="settings">Those of the section.</param>
    /// <param name="names">The names that matter.</param>
    public bool AreNamed(IDictionary<string, string> settings, params string[] names)
    {
        var ofClient = client?.GetSection(nameof(SchemaStreamSettings.TransportSettings));
        return names.Any(name => settings.ContainsKey(name) || ofClient?[name] is not null);
    }

    /// <summary>The times of a group's member, within what librdkafka takes.</summary>
    /// <param name="maxPollInterval">The setting <c>MaxPollInterval</c>, if it has a value.</param>
    /// <param name="sessionTimeout">The setting <c>SessionTimeout</c>, if it has a value.</param>
    /// <param name="transport">The transport's own settings, which may say the one or the other, or have the brokers say it.</param>
    /// <param name="isChanged">Whether code changes the options, of which these are not all then.</param>
    public void Membership(TimeSpan? maxPollInterval, TimeSpan? sessionTimeout, IDictionary<string, string> transport, bool isChanged)
    {
        Within(nameof(ConsumerSettings.MaxPollInterval), maxPollInterval, TimeSpan.FromSeconds(1), TimeSpan.FromDays(1));
        Within(nameof(ConsumerSettings.SessionTimeout), sessionTimeout, TimeSpan.FromSeconds(1), TimeSpan.FromHours(1));
        if ((maxPollInterval ?? sessionTimeout) is not null && !isChanged
            && !AreNamed(transport, "session.timeout.ms", "max.poll.interval.ms", "group.protocol"))
        {
            var usual = new ConsumerOptions();
            NotLonger(
                nameof(ConsumerSettings.SessionTimeout),
                sessionTimeout ?? usual.SessionTimeout,
                nameof(ConsumerSettings.MaxPollInterval),
                maxPollInterval ?? usual.MaxPollInterval);
        }
    }

    /// <summary>A time that must not be longer than another.</summary>
    /// <param name="key">The setting.</param>
    /// <param name="value">Its value.</param>
    /// <param name="longerKey">The other.</param>
    /// <param name="longer">The other's value.</param>
    public void NotLonger(string key, TimeSpan value, string longerKey, TimeSpan longer)
    {
        if (value > longer)
        {
            Refuse(key, value, $"no longer a time than {longerKey}, which is {longer:c},");
        }
    }

    /// <summary>What can be done about a record that cannot be handled.</summary>
    /// <param name="key">The section.</param>
    /// <param name="failure">What it says; null for nothing.</param>
    public void Failure(string key, FailureSettings? failure)
    {
        foreach (var delay in failure?.Delays ?? [])
        {
            if (delay < TimeSpan.Zero || delay > LongestDelay)
            {
                _wrong.Add($"{Path(key)}:Delays has {delay}; times from zero to {LongestDelay.TotalDays:0} days were expected");
            }
        }

        OneOf($"{key}:{nameof(FailureSettings.Place)}", failure?.Place);
        OneOf($"{key}:{nameof(FailureSettings.Finally)}", failure?.Finally);
    }

    private string Path(string key) => path.Length == 0 ? key : $"{path}:{key}";
}
