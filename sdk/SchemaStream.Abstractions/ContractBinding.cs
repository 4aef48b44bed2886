namespace SchemaStream;

/// <summary>How a topic contract came about.</summary>
public enum ContractBinding
{
    /// <summary>Someone stated it.</summary>
    Explicit = 0,

    /// <summary>The first schema registered under the topic's subject implied it.</summary>
    Implicit = 1,
}
