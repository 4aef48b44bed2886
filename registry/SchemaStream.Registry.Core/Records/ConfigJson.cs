using SchemaStream.Registry.Core.Compatibility;
using SchemaStream.Registry.Core.DataContracts;

namespace SchemaStream.Registry.Core.Records;

/// <summary>A configuration as JSON, the same in the log and in the API but for the name of the level.</summary>
public static class ConfigJson
{
    /// <param name="config">What to show.</param>
    /// <param name="levelName">What the level is called: <c>compatibility</c> in updates, <c>compatibilityLevel</c> elsewhere.</param>
    public static byte[] Render(SubjectConfig config, string levelName) =>
        CompactJsonWriter.RenderObject(writer => WriteProperties(writer, config, levelName));

    internal static void WriteProperties(CompactJsonWriter writer, SubjectConfig config, string levelName)
    {
        writer.WriteStringUnlessEmpty("alias", config.Alias);
        writer.WriteStringUnlessEmpty("aliasForDeks", config.AliasForDeks);
        WriteFlag(writer, "normalize", config.Normalize);
        WriteFlag(writer, "validateFields", config.ValidateFields);
        WriteFlag(writer, "validateNewSchemas", config.ValidateNewSchemas);
        WriteFlag(writer, "validateRules", config.ValidateRules);
        if (config.CompatibilityLevel is { } level)
        {
            writer.WriteString(levelName, RegistryNames.NameOf(level));
        }

        if (config.CompatibilityPolicy is { } policy)
        {
            writer.WriteString("compatibilityPolicy", CompatibilityPolicyNames.NameOf(policy));
        }

        writer.WriteStringUnlessEmpty("compatibilityGroup", config.CompatibilityGroup);
        DataContractJson.Write(writer, "defaultMetadata", config.DefaultMetadata);
        DataContractJson.Write(writer, "overrideMetadata", config.OverrideMetadata);
        DataContractJson.Write(writer, "defaultRuleSet", config.DefaultRuleSet);
        DataContractJson.Write(writer, "overrideRuleSet", config.OverrideRuleSet);
    }

    private static void WriteFlag(CompactJsonWriter writer, string name, bool? value)
    {
        if (value is { } flag)
        {
            writer.WriteBoolean(name, flag);
        }
    }
}
