/** Of a fetcher that has been patient enough: whoever starts it again gains nothing. `EX_UNAVAILABLE` of sysexits.h(3head). */
export const REFUSED_EXIT_CODE = 69;
