using System.Globalization;
using SchemaStream.Broker.Metadata.Configs;

namespace SchemaStream.Broker.Server.Settings;

/// <summary>One broker setting: its key, type, default, and what is a value of it.</summary>
public sealed record BrokerSettingDefinition(string Name, ConfigType Type, string? DefaultValue, string Documentation)
{
    /// <summary>What a value has to be, in words.</summary>
    public required string Expected { get; init; }

    public required Func<string, bool> IsValue { get; init; }

    internal static BrokerSettingDefinition Int(string name, int value, int least, string documentation) =>
        Number(name, ConfigType.Int, value, least, int.MaxValue, documentation);

    internal static BrokerSettingDefinition Long(string name, long value, long least, string documentation) =>
        Number(name, ConfigType.Long, value, least, long.MaxValue, documentation);

    internal static BrokerSettingDefinition Short(string name, short value, short least, string documentation) =>
        Number(name, ConfigType.Short, value, least, short.MaxValue, documentation);

    internal static BrokerSettingDefinition Boolean(string name, bool value, string documentation) =>
        new(name, ConfigType.Boolean, value ? "true" : "false", documentation)
        {
            Expected = "true or false",
            IsValue = text => bool.TryParse(text, out _),
        };

    /// <summary>A text or list; without a default where null.</summary>
    internal static BrokerSettingDefinition Text(
        string name, ConfigType type, string? value, string expected, Func<string, bool> isValue, string documentation) =>
        new(name, type, value, documentation) { Expected = expected, IsValue = isValue };

    private static BrokerSettingDefinition Number(
        string name, ConfigType type, long value, long least, long most, string documentation) =>
        new(name, type, value.ToString(CultureInfo.InvariantCulture), documentation)
        {
            Expected = most == long.MaxValue ? $"a number of at least {least}" : $"a number from {least} to {most}",
            IsValue = text => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
                && number >= least
                && number <= most,
        };
}
