namespace SchemaStream;

/// <summary>
/// Has the schema and the Avro code of a type written when the program is compiled: nothing is reflected over at run
/// time, so it works in trimmed and AOT-compiled programs, and a shape that has no schema is an error in the editor.
/// </summary>
/// <remarks>
/// <para>
/// On a partial record, class or struct it takes effect through <c>SchemaStream.Generators</c>, which comes with the
/// package. Types of the members need no attribute of their own. The schema and the bytes are those that the same type
/// has without the attribute.
/// </para>
/// <para>
/// A generic type has a schema per argument, and a type of another assembly cannot be partial: name those on the
/// assembly.
/// </para>
/// </remarks>
/// <example><code>
/// [SchemaStreamContract]
/// public sealed partial record OrderPlaced(Guid OrderId, string Customer, decimal Amount);
///
/// [assembly: SchemaStreamContract(typeof(Page&lt;OrderPlaced&gt;))]
/// </code></example>
[AttributeUsage(
    AttributeTargets.Class | AttributeTargets.Struct | AttributeTargets.Assembly, AllowMultiple = true, Inherited = false)]
public sealed class SchemaStreamContractAttribute : Attribute
{
    /// <summary>The type that the attribute stands on.</summary>
    public SchemaStreamContractAttribute()
    {
    }

    /// <summary>A type named on the assembly: a closed generic type, or one of another assembly.</summary>
    /// <param name="type">The type.</param>
    public SchemaStreamContractAttribute(Type type) => Type = type;

    /// <summary>The type that is named; null for the one that the attribute stands on.</summary>
    public Type? Type { get; }
}
