using SchemaStream.Json.Text;

namespace SchemaStream.Json.Schemas;

/// <summary>
/// A schema with all that it refers to. Texts that are referred to are read when a reference first leads to them, so
/// what nobody refers to costs nothing.
/// </summary>
internal sealed class SchemaSet
{
    private readonly Dictionary<string, JsonSchemaReference> _unread = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _uriByName = new(StringComparer.Ordinal);
    private readonly Dictionary<string, JsonValue> _resources = new(StringComparer.Ordinal);
    private readonly Dictionary<string, JsonValue> _anchors = new(StringComparer.Ordinal);
    private readonly Dictionary<JsonValue, SchemaPlace> _places = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<JsonValue, SchemaNode> _nodes = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<string, SchemaNode> _opaque = new(StringComparer.Ordinal);
    private readonly Queue<(string Reference, SchemaPlace Place)> _unchecked = new();
    private readonly SchemaNode _any = new(AnyShape.Instance);
    private readonly SchemaNode _never = new(NeverShape.Instance);
    private readonly JsonSchemaValidation _validation;
    private int _subschemas;
    private int _patterns;

    public SchemaSet(JsonValue root, IReadOnlyList<JsonSchemaReference> references, JsonSchemaValidation validation)
    {
        _validation = validation;
        var draft = DraftOf(root, JsonSchemaDraft.Draft7);
        if (!root.IsObject && !root.IsBoolean)
        {
            throw new JsonSchemaException("A schema is an object or a boolean.", "#");
        }

        // Lenient reading lets booleans stand in any draft, which only costs where one is read as draft 4.
        var place = new SchemaPlace(SchemaUris.DefaultBase, draft, "#");
        var rootUri = root.FindString(Keywords.IdOf(draft)) is { } id && SchemaUris.Resolve(SchemaUris.DefaultBase, id) is { } named
            ? named.Uri
            : SchemaUris.DefaultBase;
        AddReferences(rootUri, references);
        _resources[SchemaUris.DefaultBase] = root;
        Index(root, place);
        Root = NodeOf(root, place);
        while (_unchecked.TryDequeue(out var open))
        {
            // To its end: a circle of references is refused here, and not first when it is compared.
            _ = Resolve(open.Reference, open.Place).Target;
        }
    }

    public SchemaNode Root { get; }

    /// <summary>The schema of a value that stands directly within another.</summary>
    public SchemaNode NodeOf(JsonValue value, SchemaPlace parent)
    {
        if (value.IsBoolean)
        {
            return value.Kind == JsonKind.True ? _any : _never;
        }

        if (!_nodes.TryGetValue(value, out var node))
        {
            node = new SchemaNode(this, value, _places.GetValueOrDefault(value, parent));
            _nodes[value] = node;
        }

        return node;
    }

    /// <summary>The schema that a reference leads to.</summary>
    public SchemaNode Resolve(string reference, SchemaPlace from)
    {
        if (SchemaUris.Resolve(from.BaseUri, reference) is not { } target)
        {
            return Nowhere(reference, from);
        }

        if (FindResource(target.Uri, reference) is not { } resource)
        {
            return SchemaUris.IsOfJsonSchemaItself(target.Uri) ? Opaque(reference) : Nowhere(reference, from);
        }

        if (target.Fragment.Length == 0)
        {
            return NodeOf(resource, from);
        }

        if (!target.Fragment.StartsWith('/'))
        {
            var uri = _places.TryGetValue(resource, out var anchored) ? anchored.BaseUri : target.Uri;
            return _anchors.TryGetValue($"{uri}#{target.Fragment}", out var anchor)
                ? NodeOf(anchor, from)
                : Nowhere(reference, from);
        }

        var found = JsonPointers.Find(resource, target.Fragment);
        if (found is null || !(found.IsObject || found.IsBoolean))
        {
            return Nowhere(reference, from);
        }

        if (found.IsObject && !_places.ContainsKey(found))
        {
            // Beside the keywords, where nothing says that this is a schema until something refers to it.
            var place = _places.GetValueOrDefault(resource, from);
            Index(found, new SchemaPlace(place.BaseUri, place.Draft, "#" + target.Fragment));
        }

        return NodeOf(found, from);
    }

    private static JsonSchemaDraft DraftOf(JsonValue schema, JsonSchemaDraft otherwise) =>
        schema.FindString("$schema") is { } edition ? SchemaUris.EditionOf(edition) ?? otherwise : otherwise;

    private void AddReferences(string rootUri, IReadOnlyList<JsonSchemaReference> references)
    {
        long length = 0;
        foreach (var reference in references)
        {
            length += reference.Text.Length;
            if (SchemaUris.Resolve(rootUri, reference.Name) is { } target)
            {
                _unread[target.Uri] = reference;
                _uriByName[reference.Name] = target.Uri;
            }
        }

        if (length > JsonSchemaLimits.MaxReferencedLength)
        {
            throw new JsonSchemaException(
                $"The schemas referred to have {length} characters together; at most " +
                $"{JsonSchemaLimits.MaxReferencedLength} are read.");
        }
    }

    private JsonValue? FindResource(string uri, string reference)
    {
        if (_resources.TryGetValue(uri, out var known))
        {
            return known;
        }

        // A name that was meant from elsewhere: a referenced schema with a base of its own names its neighbours too.
        var name = reference.Split('#', 2)[0];
        if (!_unread.ContainsKey(uri) && _uriByName.TryGetValue(name, out var byName))
        {
            uri = byName;
        }

        if (_unread.Remove(uri, out var unread))
        {
            ReadReference(uri, unread);
        }
        else if (!_resources.ContainsKey(uri))
        {
            // Perhaps the $id of a schema that no reference has led to yet: now all of them are read.
            ReadAll();
        }

        return _resources.GetValueOrDefault(uri);
    }

    private void ReadAll()
    {
        foreach (var (uri, reference) in _unread.ToArray())
        {
            if (_unread.Remove(uri))
            {
                ReadReference(uri, reference);
            }
        }
    }

    private void ReadReference(string uri, JsonSchemaReference reference)
    {
        var value = JsonReader.Read(reference.Text);
        if (!value.IsObject && !value.IsBoolean)
        {
            throw new JsonSchemaException($"The reference '{reference.Name}' is not a schema: not an object, not a boolean.");
        }

        _resources[uri] = value;
        Index(value, new SchemaPlace(uri, DraftOf(value, Root?.Place.Draft ?? JsonSchemaDraft.Draft7), "#"));
    }

    /// <summary>Notes a schema and those within it: their bases, anchors and references; and holds them to the rules.</summary>
    private void Index(JsonValue schema, SchemaPlace place)
    {
        if (!schema.IsObject || _places.ContainsKey(schema))
        {
            return;
        }

        if (++_subschemas > JsonSchemaLimits.MaxSubschemas)
        {
            throw new JsonSchemaException(
                $"More than {JsonSchemaLimits.MaxSubschemas} schemas are within one another, referenced ones included.");
        }

        place = Named(schema, place);
        _places[schema] = place;
        if (Keywords.ReferenceOf(schema, place.Draft) is { } reference)
        {
            _unchecked.Enqueue((reference, place));
        }

        foreach (var (name, value) in schema.Members)
        {
            if (Keywords.Find(name, place.Draft) is not { } kind)
            {
                continue;
            }

            Count(kind, value);
            if (_validation == JsonSchemaValidation.Strict && SchemaRules.Check(kind, value, place.Draft) is { } problem)
            {
                throw new JsonSchemaException($"'{name}': {problem}", place.Pointer);
            }

            foreach (var (step, inner) in Subschemas.Of(kind, value))
            {
                Index(inner, place with { Pointer = JsonPointers.Join(place.Pointer, name, step) });
            }
        }
    }

    private void Count(KeywordValue kind, JsonValue value)
    {
        _patterns += kind switch
        {
            KeywordValue.Pattern => 1,
            KeywordValue.PatternMap => value.Members.Length,
            _ => 0,
        };
        if (_patterns > JsonSchemaLimits.MaxPatterns)
        {
            throw new JsonSchemaException($"More than {JsonSchemaLimits.MaxPatterns} regular expressions.");
        }
    }

    /// <summary>The place after what the schema says of itself: its name, its anchors.</summary>
    private SchemaPlace Named(JsonValue schema, SchemaPlace place)
    {
        if (schema.FindString("$schema") is { } edition && SchemaUris.EditionOf(edition) is { } draft)
        {
            place = place with { Draft = draft };
        }

        var besideRef = schema.FindString("$ref") is not null && !Keywords.ReadsBesideRef(place.Draft);
        if (!besideRef && schema.FindString(Keywords.IdOf(place.Draft)) is { Length: > 0 } id
            && SchemaUris.Resolve(place.BaseUri, id) is { } named)
        {
            if (id[0] == '#')
            {
                // Up to draft 7 this is how an anchor is written.
                _anchors.TryAdd($"{place.BaseUri}#{named.Fragment}", schema);
            }
            else
            {
                place = place with { BaseUri = named.Uri };
                _resources.TryAdd(named.Uri, schema);
            }
        }

        if (schema.FindString("$anchor") is { } anchor)
        {
            _anchors.TryAdd($"{place.BaseUri}#{anchor}", schema);
        }

        if (schema.FindString("$dynamicAnchor") is { } dynamic)
        {
            _anchors.TryAdd($"{place.BaseUri}#{dynamic}", schema);
        }

        return place;
    }

    private SchemaNode Nowhere(string reference, SchemaPlace from) =>
        _validation == JsonSchemaValidation.Lenient
            ? Opaque(reference)
            : throw new JsonSchemaException(
                $"The reference '{Shorten(reference)}' leads nowhere. Name the schema it means among the references, " +
                "or define it within this one", from.Pointer);

    private SchemaNode Opaque(string reference)
    {
        if (!_opaque.TryGetValue(reference, out var node))
        {
            node = new SchemaNode(new OpaqueShape(reference));
            _opaque[reference] = node;
        }

        return node;
    }

    private static string Shorten(string text) => text.Length <= 200 ? text : text[..200] + "…";
}
