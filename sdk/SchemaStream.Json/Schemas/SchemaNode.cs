using SchemaStream.Json.Text;

namespace SchemaStream.Json.Schemas;

/// <summary>
/// One schema of a set: a place in a text, or a part of one that stands for itself (the types of <c>type</c>, an
/// <c>enum</c> beside a <c>type</c>). Its shape is worked out when it is first asked for.
/// </summary>
internal sealed class SchemaNode
{
    private readonly SchemaSet? _set;
    private SchemaShape? _shape;
    private SchemaNode? _target;

    public SchemaNode(SchemaSet set, JsonValue value, SchemaPlace place)
    {
        _set = set;
        Value = value;
        Place = place;
    }

    /// <summary>A part that a shape was made for.</summary>
    public SchemaNode(SchemaShape shape)
    {
        _shape = shape;
        Value = JsonValue.Null;
        Place = new SchemaPlace("", JsonSchemaDraft.Draft7, "");
    }

    /// <summary>The schema as it was written; null for a part without a text of its own.</summary>
    public JsonValue Value { get; }

    public SchemaPlace Place { get; }

    /// <summary>The texts it is one of; null for a part that stands for itself.</summary>
    public SchemaSet? Set => _set;

    public string? Id => Value.FindString(Keywords.IdOf(Place.Draft));

    public string? Title => Value.FindString("title");

    public string? Description => Value.FindString("description");

    public JsonValue? Default => Value.Find("default");

    /// <summary>Whether it is <c>true</c>, or has no demands at all. Worked out from its own text alone.</summary>
    public bool IsAny => _set is null
        ? _shape is AnyShape
        : Keywords.ReferenceOf(Value, Place.Draft) is null && !TypeShapes.HasDemands(this);

    /// <summary>Whether it is <c>false</c>.</summary>
    public bool IsNever => _shape is NeverShape;

    /// <summary>What the schema says. References are followed first: this is never one.</summary>
    public SchemaShape Shape => _shape ??= ShapeReader.Read(_set!, this);

    /// <summary>The schema that a chain of references ends at; itself where there is none.</summary>
    public SchemaNode Target => _target ??= FollowReferences();

    private SchemaNode FollowReferences()
    {
        var node = this;
        for (var hops = 0; node._set is not null && ShapeReader.LeadsTo(node._set, node) is { } next; hops++)
        {
            if (hops == JsonSchemaLimits.MaxReferenceChain)
            {
                throw new JsonSchemaException(
                    "References lead from one to the next without end, or too often", Place.Pointer);
            }

            node = next;
        }

        return node;
    }
}
