using System.Text;
using ICPO.Jinja.Syntax;
using ICPO.Jinja.Values;

namespace ICPO.Jinja.Rendering;

/// <summary>Loops, and assignment to targets.</summary>
internal sealed partial class TemplateRenderer
{
    /// <returns>How the else branch ended: it can leave the loop around this one.</returns>
    private Flow Loop(For loop, object? source, Scope scope, int level)
    {
        Enter();
        object? counted = source;
        IEnumerable<object?> items = PythonCompare.Iterate(source, Budget);
        if (loop.Test is not null)
        {
            (counted, items) = (
                null,
                items.Where(item =>
                {
                    Budget.MakeTable();
                    var test = new Scope(scope, Budget); // "loop" is the enclosing loop, if any
                    SetTarget(loop.Target, item, test);
                    return PythonCompare.Truth(Evaluate(loop.Test, test));
                })
            );
        }

        var state = new LoopState(
            counted,
            items,
            level,
            loop.Recursive ? (nested, deeper) => Nested(loop, nested, scope, deeper) : null,
            Budget
        );
        bool completed = false; // "else" also runs if every iteration ended early
        while (state.Next(out object? item))
        {
            Budget.Evaluate();
            Scope inner = Open(loop.Body, scope);
            inner.Set("loop", state);
            SetTarget(loop.Target, item, inner);
            Flow flow = Execute(loop.Body.Body, inner);
            completed |= flow == Flow.Normal;
            if (flow == Flow.Break)
            {
                break;
            }
        }

        _depth--;
        return !completed && loop.Else is not null ? Execute(loop.Else, scope) : Flow.Normal;
    }

    private string Nested(For loop, object? source, Scope scope, int level)
    {
        (StringBuilder? outside, StringBuilder? inside) = (_output, new StringBuilder());
        _output = inside;
        Loop(loop, source, scope, level);
        _output = outside;
        return inside.ToString();
    }

    private void SetTarget(Expression target, object? value, Scope scope)
    {
        CallStack.Require(TooDeep);
        switch (target)
        {
            case Name name:
                scope.Set(name.Identifier, value);
                break;
            case NamespaceAttribute attribute:
                TemplateNamespace space =
                    scope.Get(attribute.Identifier) as TemplateNamespace
                    ?? throw new TemplateFault("cannot assign attribute on non-namespace object");
                space.Attributes[attribute.Attribute] = value;
                break;
            case TupleLiteral tuple:
                object?[] items = PythonCompare.Iterate(value, Budget).Take(tuple.Items.Count + 1).ToArray();
                if (items.Length != tuple.Items.Count)
                {
                    throw new TemplateFault(
                        items.Length > tuple.Items.Count
                            ? $"too many values to unpack (expected {tuple.Items.Count})"
                            : $"not enough values to unpack (expected {tuple.Items.Count}, got {items.Length})"
                    );
                }

                for (int i = 0; i < items.Length; i++)
                {
                    SetTarget(tuple.Items[i], items[i], scope);
                }

                break;
        }
    }
}
