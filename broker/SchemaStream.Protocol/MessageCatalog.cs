using System.Collections.Frozen;

namespace SchemaStream.Protocol;

/// <summary>Every API that has a definition in <c>Messages/</c>, by key.</summary>
public static partial class MessageCatalog
{
    private static readonly ApiDefinition[] Definitions = Defined();

    private static readonly FrozenDictionary<ApiKey, ApiDefinition> ByKey =
        Definitions.ToFrozenDictionary(definition => definition.ApiKey);

    /// <summary>In the order of their keys.</summary>
    public static IReadOnlyList<ApiDefinition> All => Definitions;

    /// <summary>The API's definition; null when there is none.</summary>
    public static ApiDefinition? Find(ApiKey apiKey) => ByKey.GetValueOrDefault(apiKey);
}
