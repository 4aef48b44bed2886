using System.Text.Json.Serialization;

namespace SchemaStream.Registry.Client.Wire;

/// <summary>Compile-time JSON: no reflection, so the client trims and starts fast.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(WireSchema))]
[JsonSerializable(typeof(WireVerdict))]
[JsonSerializable(typeof(WireConfig))]
[JsonSerializable(typeof(WireError))]
[JsonSerializable(typeof(WireContract))]
[JsonSerializable(typeof(IReadOnlyList<WireContract>))]
[JsonSerializable(typeof(IReadOnlyList<string>))]
[JsonSerializable(typeof(IReadOnlyList<int>))]
internal sealed partial class WireJson : JsonSerializerContext;
