using System.Diagnostics.CodeAnalysis;
using SchemaStream.Avro.Derivation;
using SchemaStream.Avro.Schemas;

namespace SchemaStream.Avro;

/// <summary>Whether schemas and code may be made from C# types at run time.</summary>
internal static class AvroReflection
{
    /// <summary>What the trimmer tells those who call what it cannot follow.</summary>
    public const string Trimming =
        "Schemas and code are made from the members of a C# type, which trimming may remove. Put [SchemaStreamContract] on a partial type and use AvroSerializer.FromContract.";

    /// <summary>What the AOT compiler tells those who call what it cannot compile ahead.</summary>
    public const string DynamicCode = "Code for the type is compiled at run time. Put [SchemaStreamContract] on a partial type and use AvroSerializer.FromContract.";

    /// <summary>True unless the program was trimmed, or says otherwise with the switch.</summary>
    [FeatureSwitchDefinition("SchemaStream.Avro.IsReflectionEnabled")]
    [FeatureGuard(typeof(RequiresUnreferencedCodeAttribute))]
    [FeatureGuard(typeof(RequiresDynamicCodeAttribute))]
#pragma warning disable IL4000 // The trimmer takes the guards' word: where it runs, this is false, and needs no other reason to be.
    public static bool IsEnabled => !AppContext.TryGetSwitch("SchemaStream.Avro.IsReflectionEnabled", out var isOn) || isOn;
#pragma warning restore IL4000

    /// <summary>Why a type without generated code has no serializer in a trimmed program.</summary>
    public static AvroSchemaException Refuse(Type type) => new(
        $"{TypeNames.Readable(type)} has no generated code, and none is made at run time in a program that was trimmed: "
        + "put [SchemaStreamContract] on the partial type");
}
