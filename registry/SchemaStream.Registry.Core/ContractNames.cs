namespace SchemaStream.Registry.Core;

/// <summary>The names of a contract's choices, on the wire and in the log.</summary>
public static class ContractNames
{
    public static string NameOf(ContractBinding binding) =>
        binding == ContractBinding.Implicit ? "IMPLICIT" : "EXPLICIT";

    public static string NameOf(EvolutionPolicy evolution) =>
        evolution == EvolutionPolicy.Frozen ? "FROZEN" : "COMPATIBLE";

    public static string NameOf(RecordSlot slot) => slot == RecordSlot.Key ? "key" : "value";

    public static ContractBinding? BindingOf(string? name) => name switch
    {
        "IMPLICIT" => ContractBinding.Implicit,
        "EXPLICIT" => ContractBinding.Explicit,
        _ => null,
    };

    public static EvolutionPolicy? EvolutionOf(string? name) => name?.ToUpperInvariant() switch
    {
        "FROZEN" => EvolutionPolicy.Frozen,
        "COMPATIBLE" => EvolutionPolicy.Compatible,
        _ => null,
    };
}
