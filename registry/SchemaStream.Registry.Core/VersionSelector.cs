using System.Globalization;

namespace SchemaStream.Registry.Core;

/// <summary>A version as a path names it: a number from 1, or the latest.</summary>
public readonly record struct VersionSelector
{
    private VersionSelector(int number) => Number = number;

    /// <summary>The number; 0 means the latest.</summary>
    public int Number { get; }

    public bool IsLatest => Number == 0;

    public static VersionSelector Latest => default;

    public static VersionSelector Of(int number) => new(number);

    public static Outcome<VersionSelector> Parse(string text)
    {
        if (text.Equals("latest", StringComparison.OrdinalIgnoreCase) || text == "-1")
        {
            return Latest;
        }

        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0
            ? new VersionSelector(number)
            : new RegistryError(
                ErrorCodes.InvalidVersion,
                $"The version '{text}' is none: write a number from 1 to {int.MaxValue}, or 'latest'.");
    }
}
