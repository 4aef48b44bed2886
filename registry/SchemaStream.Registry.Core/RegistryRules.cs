using SchemaStream.Registry.Core.Formats;

namespace SchemaStream.Registry.Core;

/// <summary>What every decision is made with, besides the image: settings and schema languages.</summary>
public sealed record RegistryRules(RegistrySettings Settings, SchemaFormats Formats);
