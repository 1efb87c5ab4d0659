/* The words of an IDL's text, each with its line and the doc comment before it. */
#pragma once

#include "codegen/idl.h"

typedef enum {
    TOKEN_END,
    TOKEN_WORD, /* an identifier, with dots where it names another IDL's */
    TOKEN_INT,
    TOKEN_DOUBLE,
    TOKEN_LITERAL, /* text: with its quotes, as written */
    TOKEN_SYMBOL   /* one character */
} TokenKind;

typedef struct {
    TokenKind kind;
    const char *text; /* belongs to the IDL */
    int line;
    const char *doc; /* nullable: the doc comment in front */
} Token;

/* Returns: (transfer full): an array of Token whose last is TOKEN_END; %NULL with @error. */
GArray *lexer_run (Idl *idl, const char *text, GError **error);

/* The text that a literal stands for, without quotes and escapes. */
char *lexer_literal (const char *literal);
